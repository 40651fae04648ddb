"""Proxies, builders and configs of contracts that are known only when the program runs."""
