qmail_script(qmHandle)
qmail_other_name(qmHandle qqclean)
