"""Questions typed as plain text or Markdown."""
