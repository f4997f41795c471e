qmail_program(qmail-newmrh LIBRARIES control)
