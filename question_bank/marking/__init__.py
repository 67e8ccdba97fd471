"""How answers are turned into credit: pure arithmetic, exact, one file for each shape of answer."""
