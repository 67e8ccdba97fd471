"""The door for people in a browser: parse, call one service, render."""
