"""A configuration folder and its versions, as the tests of both use them."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.config_folder import ConfigFolder
from bot.adapters.redis.versions import RedisVersions
from bot.core.config import problems_of
from bot.domain.channels import CONSOLE
from bot.services.admin import Admin
from bot.services.folder_input import FolderInput

FEEDS = 'format: 1\nfeeds:\n  - {url: "https://wire.example/rss", name: Wire}\n'
PEOPLE = "format: 1\npeople:\n  - name: Mark Rutte\n"
BAD = "format: 1\nfeeds: nonsense\n"


def watchlist(*phrases: str, topic: str = "Spending") -> str:
    listed = ", ".join(f'"{phrase}"' for phrase in phrases)
    return f"format: 1\ntopics:\n  {topic}:\n    any: [{listed}]\n"


async def check(files):
    """Examples cost spaCy; the folder's files have none."""
    return problems_of(files)


class Recorded:
    """Notices, in the order in which they were wanted."""

    def __init__(self) -> None:
        self.posts = []

    async def __call__(self, post) -> None:
        self.posts.append(post)


class House:
    """One deployment: versions on the server, the admin, folders."""

    def __init__(self, redis, keys, clock, root: Path) -> None:
        self.versions = RedisVersions(redis, keys, clock)
        self.admin = Admin(versions=self.versions, check=check, clock=clock.now)
        self.clock = clock
        self.root = root
        self.told = Recorded()

    def path(self, host: str = "one") -> Path:
        """A folder with files in it."""
        path = self.root / host
        if not path.exists():
            (path / "watchlists").mkdir(parents=True)
            (path / "feeds.yaml").write_text(FEEDS)
            (path / "watchlists/security.yaml").write_text(watchlist("defence spending"))
        return path

    def input(self, host: str = "one", *, shipped: bool = False) -> FolderInput:
        """A process that follows a folder; a second call is that process started again."""
        return FolderInput(
            folder=ConfigFolder(self.path(host), shipped=shipped),
            versions=self.versions,
            admin=self.admin,
            clock=self.clock.now,
            owner=lambda: CONSOLE,
            tell=self.told,
        )

    async def text(self, name: str = "watchlists/security") -> str:
        """A file's text in force."""
        return await self.admin.text(name)


async def rest(folder: FolderInput) -> None:
    """Look until nothing is left to do."""
    while await folder.look() or await folder.look():
        pass
