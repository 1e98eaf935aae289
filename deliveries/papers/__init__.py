"""What a dossier looks like: PDFs by typst, signed and time-stamped."""
