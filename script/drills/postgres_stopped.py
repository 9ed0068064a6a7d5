"""PostgreSQL is stopped (SIGSTOP): it takes what it is sent and says nothing, while people read and register."""

from script.drills import away
from script.drills.cluster import Cluster


def main() -> None:
    """Run it, and say what was lost."""
    away.run(Cluster.freeze, Cluster.thaw, times=2, seconds=12)


if __name__ == "__main__":
    main()
