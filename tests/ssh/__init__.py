"""Where a public SSH key comes from."""
