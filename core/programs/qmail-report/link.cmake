qmail_program(qmail-report LIBRARIES activity)
