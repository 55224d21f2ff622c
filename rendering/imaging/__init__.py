"""The core: pictures and values. No Django, no storage, no network, no clock."""
