"""The file of a backup: a tar of pieces of the database's dump, uploads and a manifest, encrypted by age on its way.

What is written goes from program to program and meets no disk unencrypted. Whoever has lost this site opens it by hand:
`age -d -i KEY FILE | tar -x && cat database/* | pg_restore …`.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

DATABASE, MEDIA, MANIFEST = "database/", "media/", "manifest.json"
# A tar says how long a part is before the part, and nobody knows how long a dump will be; so it comes in pieces.
PIECE = 8 * 1024 * 1024


class NotDone(Exception):
    """A backup or a restore that cannot be made; the message is a sentence for who asked for it."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    server: int  # the major version of PostgreSQL
    dumped_by: int  # that of pg_dump
    migrations: list[str]  # those that were applied
    rows: dict[str, int]  # how many each table had
    parts: dict[str, str]  # the SHA-256 of each part of the file, by its name

    @property
    def media(self) -> dict[str, str]:
        """The SHA-256 of each uploaded file, by its name below the folder of uploads."""
        return {name.removeprefix(MEDIA): hashed for name, hashed in self.parts.items() if name.startswith(MEDIA)}


class Writer:
    """Puts parts into the file, and remembers their hashes."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        """Take the tar that is being written."""
        self._tar = tar
        self.parts: dict[str, str] = {}

    def add_dump(self, stream: IO[bytes]) -> None:
        """Add the database's dump, to its end."""
        for number, piece in enumerate(iter(lambda: stream.read(PIECE), b"")):
            self._add(f"{DATABASE}{number:06}", len(piece), io.BytesIO(piece))

    def add_upload(self, name: str, file: IO[bytes]) -> None:
        """Add an uploaded file, which is as long as it is now."""
        self._add(MEDIA + name, os.fstat(file.fileno()).st_size, file)

    def add_manifest(self, manifest: Manifest) -> None:
        """Add the manifest, as the last part."""
        words = json.dumps(asdict(manifest), indent=1).encode()
        self._add(MANIFEST, len(words), io.BytesIO(words))

    def _add(self, name: str, size: int, file: IO[bytes]) -> None:
        part = tarfile.TarInfo(name)
        part.size, part.mode = size, 0o600
        hashed = _Hashed(file)
        self._tar.addfile(part, hashed)
        self.parts[name] = hashed.digest()


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        read = self._file.read(size)
        self._hash.update(read)
        return read

    def digest(self) -> str:
        """The hash of what was read."""
        return self._hash.hexdigest()


def recipients_for_age(said: str) -> list[str]:
    """Return age's arguments for public keys with commas between, or for a file of them. Raises NotDone."""
    if said.startswith("age1"):
        return [word for key in said.split(",") for word in ("--recipient", key.strip())]
    if not Path(said).is_file():
        raise NotDone(f"BACKUP_RECIPIENTS is {said!r}: neither a public key of age (age1…) nor a file of such keys.")
    return ["--recipients-file", said]


@contextmanager
def written(path: Path, recipients: list[str]) -> Iterator[Writer]:
    """Give a writer of a new file. It is there, whole and on the disk, once the block has ended well, and else not.

    Raises NotDone when age refuses, such as for want of room.
    """
    partial = path.with_name(f".{path.name}.part")
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        try:
            with _encrypting(recipients, file) as stream, tarfile.open(fileobj=stream, mode="w|") as tar:
                yield Writer(tar)
            os.fsync(file.fileno())
            partial.rename(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    _sync(path.parent)


@contextmanager
def _encrypting(recipients: list[str], file: IO[bytes]) -> Iterator[IO[bytes]]:
    age = subprocess.Popen(
        [_age(), "--encrypt", *recipients], stdin=subprocess.PIPE, stdout=file, stderr=subprocess.PIPE
    )
    assert age.stdin is not None
    broken = False
    try:
        try:
            yield age.stdin
            age.stdin.close()
        except BrokenPipeError:
            broken = True  # age has ended, and says why below
    except BaseException:
        age.kill()
        raise
    finally:
        said = _end(age)
    if age.returncode or broken:
        raise NotDone(f"age could not write the file: {said or f'it ended with {age.returncode}'}.")


@contextmanager
def opened(file: Path, identity: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """Give the name and the content of each part of a backup, in order; each is read before the next, or not at all.

    Raises NotDone at the end of the block, or before, when the key is not the right one, or anything of the file was
    changed or cut.
    """
    age = subprocess.Popen(
        [_age(), "--decrypt", "--identity", identity, file],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert age.stdout is not None
    problem = ""
    try:
        with tarfile.open(fileobj=age.stdout, mode="r|") as tar:
            yield _parts(tar)
        while age.stdout.read(PIECE):
            pass  # to the end, at which age knows that nothing was cut
    except (tarfile.TarError, EOFError) as error:
        problem = str(error)  # as a rule because age has ended, and says why below
    except BaseException:
        age.kill()
        raise
    finally:
        said = _end(age)
    if age.returncode or problem:
        raise NotDone(f"{file} cannot be read with {identity}: {said or problem}.")


def _parts(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member)
        if content is None:
            raise NotDone(f"This is no backup of this site: {member.name} in it is not a file.")
        yield member.name, content


def checked(file: Path, identity: Path) -> Manifest:
    """Read a whole backup, and return its manifest. Raises NotDone when anything in it is not as it was written."""
    found: dict[str, str] = {}
    manifest = None
    with opened(file, identity) as parts:
        for name, content in parts:
            if name == MANIFEST:
                manifest = _manifest(content, file)
            else:
                found[name] = hash_of(content)
    if manifest is None or found != manifest.parts:
        raise NotDone(f"{file} does not hold what its manifest says.")
    return manifest


def hash_of(content: IO[bytes]) -> str:
    """Return the SHA-256 of what is read to the end."""
    return hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]


def _manifest(content: IO[bytes], file: Path) -> Manifest:
    try:
        return Manifest(**json.load(content))
    except (TypeError, ValueError) as error:
        raise NotDone(f"{file} is no backup of this site, or of a release that wrote another manifest.") from error


def _age() -> str:
    program = shutil.which("age")
    if program is None:
        raise NotDone("The program age is not there, which encrypts backups. Debian: apt-get install age")
    return program


def _end(process: subprocess.Popen[bytes]) -> str:
    """Wait until it has ended, and return what it complained of: one line."""
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(BrokenPipeError):
                pipe.close()
    said = process.stderr.read().decode(errors="replace") if process.stderr else ""
    process.wait()
    if process.stderr:
        process.stderr.close()
    lines = [line.removeprefix("age: error: ") for line in said.splitlines() if line.startswith("age: error: ")]
    return lines[0] if lines else said.strip()


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
