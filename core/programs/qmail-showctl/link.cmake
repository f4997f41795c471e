qmail_program(qmail-showctl LIBRARIES control users queue)
qmail_feature_texts(qmail-showctl)
