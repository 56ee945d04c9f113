# All of the lab's parts, for the commands.
# shellcheck shell=bash

lib=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=common.sh
. "$lib/common.sh"
# shellcheck source=packages.sh
. "$lib/packages.sh"
# shellcheck source=build.sh
. "$lib/build.sh"
# shellcheck source=network.sh
. "$lib/network.sh"
# shellcheck source=cgroups.sh
. "$lib/cgroups.sh"
# shellcheck source=machines.sh
. "$lib/machines.sh"
# shellcheck source=pki.sh
. "$lib/pki.sh"
# shellcheck source=control.sh
. "$lib/control.sh"
# shellcheck source=node.sh
. "$lib/node.sh"
# shellcheck source=images.sh
. "$lib/images.sh"
# shellcheck source=clear.sh
. "$lib/clear.sh"
