"""The stages, one module each; ``ITEM_PIPELINES`` in the settings orders them."""
