qmail_program(qmail-qread LIBRARIES queue_log queue control format)
