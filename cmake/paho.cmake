# Eclipse Paho C, the synchronous client without TLS. Debian's package says nothing of its archive to CMake.
function(atcert_find_paho)
  find_path(paho_headers MQTTClient.h REQUIRED)
  find_library(paho_library paho-mqtt3c REQUIRED)
  add_library(atcert_paho INTERFACE)
  target_include_directories(atcert_paho SYSTEM INTERFACE ${paho_headers})
  target_link_libraries(atcert_paho INTERFACE ${paho_library})
endfunction()
