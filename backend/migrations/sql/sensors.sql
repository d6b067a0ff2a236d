-- Devices are listed by place; alarms by what is open, by device, and by building for warnings.
create index sensor_device_scope on sensor_device (area text_pattern_ops, kind);
create index sensor_device_building on sensor_device (building_id) where building_id is not null;
create index sensor_signal_device on sensor_signal (device_id, at);
create index sensor_signal_old on sensor_signal using brin (taken_at);
create index sensor_alarm_scope on sensor_alarm (area text_pattern_ops, last_at);
create index sensor_alarm_open on sensor_alarm (last_at) where state = 'open';
create index sensor_alarm_device on sensor_alarm (device_id, first_at);
create index sensor_alarm_building on sensor_alarm (last_at, building_id)
  where building_id is not null;
create index sensor_alarm_order on sensor_alarm (order_id) where order_id is not null;
create index sensor_warning_scope on sensor_warning (area text_pattern_ops, raised_at);

-- However many hands write: one open alarm per device and signal, one open warning per building.
create unique index sensor_alarm_one on sensor_alarm (device_id, signal) where state = 'open';
create unique index sensor_warning_one on sensor_warning (building_id, danger)
  where state = 'open';

alter table sensor_alarm add check ((state = 'open') = (ended_at is null));
alter table sensor_alarm add check (count > 0 and first_at <= last_at);
