"""What comes back of what was sent: bounces and reports, by mail box or by HTTP."""
