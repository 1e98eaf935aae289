import io


def written(write, rows, **options):
    """The bytes of the file that rows are written to."""
    file = io.BytesIO()
    write(rows, file, **options)
    return file.getvalue()
