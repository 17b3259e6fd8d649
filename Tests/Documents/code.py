#!/usr/bin/env python3
"""Keeps keys."""
import os

# The longest time that a key is used, in days.
LONGEST = 180


@cache
def rotate(key):
    """Rotates a key.

    The old one stays valid for a day.
    """
    old = key.copy()

    return make(old)


class Store:
    # Where keys are.
    path = "/etc/keys"

    def read(self):
        return open(self.path).read()

    def write(self, text):
        with open(self.path, "w") as file:
            file.write(text)
