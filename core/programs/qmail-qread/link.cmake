qmail_program(qmail-qread LIBRARIES queue format)
