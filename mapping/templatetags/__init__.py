"""What templates of all rooms load: icons, badges, dates and numbers in words."""
