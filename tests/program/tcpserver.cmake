# tcpserver on loopback, with clients.
foreach(script serve residents renewal limits proxy listen trouble)
  script_tests(tcpserver/${script}.py PREFIX program.tcpserver)
endforeach()
