"""The package as others get it: wheel, source distribution, Dockerfile and docker-compose.yml."""
