# A made-up day, with figures computed apart from the programs.
script_tests(matchup/day.py PREFIX program.matchup.day)
script_tests(qmail-report/day.py PREFIX program.qmail-report.day)
