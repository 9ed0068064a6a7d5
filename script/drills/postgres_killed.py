"""PostgreSQL is killed (SIGKILL), three times, while people read and register."""

from script.drills import away
from script.drills.cluster import Cluster


def main() -> None:
    """Run it, and say what was lost."""
    away.run(Cluster.kill, Cluster.start, times=3, seconds=4)


if __name__ == "__main__":
    main()
