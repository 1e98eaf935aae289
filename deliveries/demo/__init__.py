"""The letters, people and addresses of the demo: invented, under `.example`, read by `reading.read()`."""
