@echo off
rem vxlan.cmd: starts the program with the Java of JAVA_HOME, or that of the PATH. kubectl finds it by the name kubectl-vxlan.
setlocal
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
set "version=none"
rem The second cmd puts the path in, so that no parenthesis in it ends the command of the first one.
for /f "tokens=2,3" %%a in ('call "%%java%%" -version 2^>^&1') do if "%%a"=="version" set "version=%%~b"
set "major=0"
for /f "delims=.-+" %%m in ("%version:none=0%") do set "major=%%m"
if %major% geq 25 goto start
echo vxlan: needs Java 25 or later; found %version% at "%java%": set JAVA_HOME>&2
exit /b 3

:start
set "name=%~n0"
"%java%" "@%~dp0..\lib\jvm.options" "-Dvxlan.name=%name:kubectl-=kubectl %" -jar "%~dp0..\lib\vxlan.jar" %*
