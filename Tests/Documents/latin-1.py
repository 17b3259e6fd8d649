# -*- coding: latin-1 -*-
"""Der Schlüssel."""


def größe():
    return "für"
