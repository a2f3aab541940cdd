curl --fail-with-body -sS https://keybearer.example/v1/connect-sessions \
  -H "Authorization: Bearer $KEYBEARER_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"end_user": {"id": "user_42"}, "providers": ["PROVIDER_KEY"]}'
