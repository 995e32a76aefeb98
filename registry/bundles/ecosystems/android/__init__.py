"""Android apps: one APK, its binary manifest, its resources and who signed it."""
