qmail_program(qmail-send STAYS LIBRARIES control log queue)
