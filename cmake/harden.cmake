# What protects a release build, and its debug information, which goes into a file of its own. Proven by
# packaging/check_hardening.sh.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-fstack-protector-strong -D_FORTIFY_SOURCE=2)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed -Wl,--build-id=sha1)
  include(CheckCXXCompilerFlag)
  check_cxx_compiler_flag(-fcf-protection=full atcert_has_cet) # x86 alone
  if(atcert_has_cet)
    add_compile_options(-fcf-protection=full)
  endif()
endif()

# Leaves in the program what it needs to run; the rest is in atcert.debug beside it, where debuggers look for it.
function(atcert_split_debug target)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Release" OR NOT CMAKE_OBJCOPY OR NOT CMAKE_STRIP)
    return()
  endif()
  set(debug ${CMAKE_CURRENT_BINARY_DIR}/${target}.debug)
  add_custom_command(
    TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_OBJCOPY} --only-keep-debug $<TARGET_FILE:${target}> ${debug}
    COMMAND ${CMAKE_STRIP} --strip-all $<TARGET_FILE:${target}>
    COMMAND ${CMAKE_OBJCOPY} --add-gnu-debuglink=${debug} $<TARGET_FILE:${target}>
    BYPRODUCTS ${debug}
    VERBATIM)
  install(FILES ${debug} DESTINATION ${CMAKE_INSTALL_LIBDIR}/debug${CMAKE_INSTALL_FULL_BINDIR} COMPONENT debug)
endfunction()
