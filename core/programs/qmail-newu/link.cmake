qmail_program(qmail-newu LIBRARIES users)
