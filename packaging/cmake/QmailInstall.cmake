# What `cmake --install` places is named once, in installer/hier/hier.manifest.
