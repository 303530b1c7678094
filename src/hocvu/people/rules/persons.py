"""Words every list of people uses."""

import enum


class Sex(enum.Enum):
    MALE = "male"
    FEMALE = "female"


class PersonCategory(enum.Enum):
    CADRE = "cadre"  # cán bộ
    CIVIL_SERVANT = "civil_servant"  # công chức
    PUBLIC_EMPLOYEE = "public_employee"  # viên chức
    CONTRACT_WORKER = "contract_worker"  # người lao động
    NON_SPECIALISED_WORKER = "non_specialised_worker"  # người hoạt động không chuyên trách
    ARMED_FORCES = "armed_forces"  # lực lượng vũ trang
    OTHER = "other"  # doanh nghiệp, người dân
