"""Trusted attention in torch, one file per mechanism, its paper cited."""
