qmail_program(qmail-queue LIBRARIES queue users format)
