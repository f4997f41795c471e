qmail_program(qmail-qmqpc LIBRARIES control)
