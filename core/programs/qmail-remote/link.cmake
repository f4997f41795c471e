qmail_program(qmail-remote LIBRARIES smtp)
qmail_program_features(qmail-remote smtpc)
