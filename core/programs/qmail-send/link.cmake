qmail_program(qmail-send LIBRARIES control log queue)
