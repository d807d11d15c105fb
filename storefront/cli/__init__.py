"""The console command `storefront`: one module for each noun, refusals as exit code 1, misuse as 2."""
