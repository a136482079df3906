"""Modules that are read only when they are needed."""

import gc
import sys
from importlib import import_module
from types import ModuleType


def read(name: str) -> ModuleType:
    """A module by its full name, imported if it is not yet.

    Nothing of it becomes garbage: to look for some would take a quarter of the time of reading.
    """
    if name in sys.modules:
        return import_module(name)  # waits, should another thread be reading it
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.enable()
