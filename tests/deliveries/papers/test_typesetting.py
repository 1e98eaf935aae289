from pathlib import Path

from deliveries.papers import typesetting


def test_a_text_with_names_lies_under_no_name_on_any_disk():
    with typesetting.folder_of({"logo": b"picture"}, {"inside": "Rosa Villacorta"}) as files:
        inside = Path(files.root, "inside")
        assert inside.read_text() == "Rosa Villacorta"
        kept = [path for path in Path(files.root).iterdir() if path.is_file() and not path.is_symlink()]
        assert [path.read_bytes() for path in kept] == [b"picture"]
        assert not Path(str(inside.resolve()).removesuffix(" (deleted)")).exists()
    assert not Path(files.root).exists()
