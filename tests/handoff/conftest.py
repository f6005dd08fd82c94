from tests.handoff.fixtures import loaded_database, world

__all__ = ["loaded_database", "world"]
