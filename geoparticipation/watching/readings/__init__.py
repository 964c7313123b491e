"""What is read when metrics are collected: short queries, files, the disk. The page about operation reads the same."""
