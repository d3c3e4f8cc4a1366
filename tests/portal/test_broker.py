"""The embedded broker: every message is read once and whole."""

import threading
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from portal.broker import SCHEME


@pytest.fixture
def connect(tmp_path):
    options = {
        "data_folder_in": str(tmp_path),
        "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
    }
    return lambda: Connection(f"{SCHEME}://localhost//", transport_options=options)


def test_messages_written_and_read_at_once_arrive_whole_and_once(connect, tmp_path):
    found: list[int] = []
    written = threading.Event()

    def write(first: int) -> None:
        with connect() as connection, connection.channel() as channel:
            for number in range(first, first + 100):
                channel._put("default", {"number": number, "more": "x" * 5000})

    def read() -> None:
        with connect() as connection, connection.channel() as channel:
            while True:
                done = written.is_set()
                try:
                    found.append(channel._get("default")["number"])
                except Empty:
                    if done:
                        return

    readers = [threading.Thread(target=read) for _ in range(2)]
    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 100)]
    for thread in readers + writers:
        thread.start()
    for thread in writers:
        thread.join()
    written.set()
    for thread in readers:
        thread.join()
    assert sorted(found) == list(range(200))
    assert not [path for path in Path(tmp_path).iterdir() if path.is_file()]


def test_get_leaves_the_messages_of_other_queues(connect):
    with connect() as connection, connection.channel() as channel:
        channel._put("pdf", {"number": 1})
        with pytest.raises(Empty):
            channel._get("default")
        assert channel._get("pdf") == {"number": 1}
