qmail_program(qmail-qread LIBRARIES queue_view control)
