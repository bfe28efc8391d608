"""Properties are tried on the same examples every time, so that a red run stays red."""

from hypothesis import settings

settings.register_profile("hipstride", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("hipstride")
