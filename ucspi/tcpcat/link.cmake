qmail_script(tcpcat)
