"""What shows afterwards what was delivered, and what checks it."""
