qmail_program(qreceipt LIBRARIES queue mailbox)
