"""What goes over the wire: answers, headers, refusals, and the pages that describe pictures or health."""
