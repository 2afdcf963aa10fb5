"""Where a public SSH key comes from: files, the agent, a new pair, a site."""
