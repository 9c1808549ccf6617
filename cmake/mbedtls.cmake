# Mbed TLS, the library of the firmware: Debian's package brings neither a CMake nor a pkg-config file.
function(atcert_find_mbedtls)
  find_path(mbedtls_headers mbedtls/ssl.h REQUIRED)
  add_library(atcert_mbedtls INTERFACE)
  target_include_directories(atcert_mbedtls SYSTEM INTERFACE ${mbedtls_headers})
  foreach(name mbedtls mbedx509 mbedcrypto) # each needs the next
    find_library(${name}_library ${name} REQUIRED)
    target_link_libraries(atcert_mbedtls INTERFACE ${${name}_library})
  endforeach()
endfunction()
