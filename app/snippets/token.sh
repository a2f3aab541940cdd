curl --fail-with-body -sS https://keybearer.example/v1/token \
  -H "Authorization: Bearer $KEYBEARER_API_KEY" \
  -H "Content-Type: application/json" \
  -d '{"end_user_id": "user_42", "provider": "PROVIDER_KEY"}'
