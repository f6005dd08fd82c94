"""Passerelle: a French assistant for people in precarity in Brussels and Wallonia."""

__version__ = "0.1.0"
